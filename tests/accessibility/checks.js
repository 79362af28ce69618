// What a page is asked in the browser. Each function returns what is wrong, in words.
const checks = {
  name(element) {
    const words = (element.innerText || element.name || element.value || "").trim().slice(0, 50);
    return `${element.tagName.toLowerCase()}.${element.getAttribute("class") || ""} "${words}"`;
  },

  isSeen(element) {
    const box = element.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && getComputedStyle(element).opacity !== "0";
  },

  // What makes the page scroll sideways, apart from what scrolls inside its own frame.
  sideways() {
    const width = document.documentElement.clientWidth;
    const whole = document.documentElement.scrollWidth;
    if (whole <= width + 1) return [];
    const hasFrame = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
        if (/auto|scroll|hidden/.test(getComputedStyle(up).overflowX)) return true;
      return false;
    };
    const right = (element) => Math.round(element.getBoundingClientRect().right);
    const wide = [...document.body.querySelectorAll("*")]
      .filter((element) => right(element) > width + 1 && !hasFrame(element))
      .map((element) => `${checks.name(element)} reaches ${right(element)} of ${width} px`);
    return wide.length ? wide.slice(0, 5) : [`the page is ${whole} of ${width} px wide`];
  },

  // Text that its own box hides: what larger letters do to fixed heights.
  cutOff() {
    const isCutOff = (element) => {
      const style = getComputedStyle(element);
      if (!/hidden|clip/.test(style.overflowY + style.overflowX) || !(element.innerText || "").trim()) return false;
      if (!checks.isSeen(element) || style.clipPath !== "none") return false; // for screen readers only
      return element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2;
    };
    return [...document.body.querySelectorAll("*")].filter(isCutOff).map((element) => `cut off: ${checks.name(element)}`);
  },

  // The element that has the focus, or null: does it show it, and can it be seen?
  focused() {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    element.dataset.stop = element.dataset.stop || String(document.querySelectorAll("[data-stop]").length + 1);
    // A hidden radio or checkbox may show its focus on what is drawn for it.
    const drawn = [element, element.nextElementSibling, element.closest("label")].filter(Boolean);
    const hasRing = drawn.some((one) => {
      const style = getComputedStyle(one);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    });
    // What is on the screen of it: its upper edge, its middle, its lower edge. Two of the three have to be free.
    const box = (drawn.find(checks.isSeen) || element).getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const top = Math.max(box.top, 0);
    const bottom = Math.min(box.bottom, innerHeight);
    const isFree = (y) => {
      const above = document.elementFromPoint(x, y);
      return above && drawn.some((one) => one.contains(above) || above.contains(one));
    };
    const free = bottom - top > 4 ? [top + 2, (top + bottom) / 2, bottom - 2].filter(isFree).length : 0;
    return { number: element.dataset.stop, hasRing, isCovered: free < 2, what: checks.name(element) };
  },

  // What still moves although less motion was asked for.
  motion() {
    const longest = (list) => Math.max(...list.split(",").map(parseFloat));
    const wouldMove = (element) => {
      const style = getComputedStyle(element);
      const animated = style.animationName !== "none" && longest(style.animationDuration) > 0.01;
      return animated || longest(style.transitionDuration) > 0.01;
    };
    return [...document.querySelectorAll("*")].filter(wouldMove).map((element) => `moves: ${checks.name(element)}`);
  },

  // Controls that have no edge once the system has taken backgrounds away.
  edges() {
    const hasEdge = (element) => {
      const style = getComputedStyle(element);
      const sides = ["Top", "Right", "Bottom", "Left"];
      return sides.some(
        (side) =>
          parseFloat(style[`border${side}Width`]) > 0 &&
          style[`border${side}Style`] !== "none" &&
          style[`border${side}Color`] !== "rgba(0, 0, 0, 0)",
      ) || /underline/.test(style.textDecorationLine);
    };
    return [...document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea")]
      .filter((element) => !/^(radio|checkbox)$/.test(element.type) && checks.isSeen(element) && !hasEdge(element))
      .map((element) => `no edge: ${checks.name(element)}`);
  },

  // Controls that only a script could make work.
  needsScript() {
    const faults = [];
    const say = (element, why) => faults.push(`${why}: ${element.outerHTML.slice(0, 160)}`);
    for (const button of document.querySelectorAll("button")) {
      if (button.closest("[hidden], [data-script-only]")) continue;
      if (!button.form && !button.closest("summary")) say(button, "a button in no form");
      if (button.form && button.type === "button") say(button, "a button that submits nothing");
    }
    for (const form of document.querySelectorAll("form")) {
      const sends = [...form.elements].some((one) => one.type === "submit" || one.type === "image");
      if (!sends) say(form, "nothing sends this form");
      const target = form.getAttribute("hx-post");
      const action = form.getAttribute("action") || location.pathname;
      if (target && (form.method !== "post" || action !== target)) say(form, "sends elsewhere without a script");
    }
    for (const link of document.querySelectorAll("a")) {
      const href = link.getAttribute("href"); // "" asks for this page again
      if (href === null || href === "#" || href.startsWith("javascript:")) say(link, "leads nowhere");
    }
    for (const element of document.querySelectorAll("[onclick], [onsubmit], [onload], [style], style, script:not([src])"))
      if (element.type !== "application/json") say(element, "inline script or style");
    return faults;
  },
};
