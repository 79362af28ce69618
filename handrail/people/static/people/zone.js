// Chooses the phone's own time zone in the list, when the list has it and nobody has chosen yet.
"use strict";
document.querySelectorAll("select[data-guess-zone]").forEach((list) => {
  const untouched = list.selectedIndex >= 0 && list.options[list.selectedIndex].defaultSelected;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (untouched && !document.querySelector(".summary") && Array.from(list.options).some((o) => o.value === here)) {
    list.value = here;
  }
});
