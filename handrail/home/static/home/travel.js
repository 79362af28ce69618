// Asks once whether the day should end where the phone is now. Zones that show the same clock are the same to people.
(function () {
  "use strict";
  const form = document.querySelector("form[data-zone]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clockIn = (timeZone) => new Date().toLocaleString("en-US", { timeZone, timeZoneName: "shortOffset" });
  if (!form || !here || !here.includes("/") || sessionStorage.getItem("stay") === here) return;
  try {
    if (clockIn(here) === clockIn(form.dataset.zone)) return;
  } catch (unknownZone) {
    return;
  }
  form.querySelector("[data-place]").textContent = here.split("/").pop().replace(/_/g, " ");
  form.elements.namedItem("time_zone").value = here;
  form.hidden = false;
  form.querySelector("[data-stay]").addEventListener("click", () => {
    sessionStorage.setItem("stay", here);
    form.hidden = true;
  });
})();
