// <time data-local> is said in the zone of this browser, for readers whose zone Twoway does not know.
function tell(within) {
  const words = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  for (const time of within.querySelectorAll?.("time[data-local]") ?? []) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) time.textContent = words.format(moment);
  }
}

tell(document);
document.addEventListener("htmx:load", (event) => tell(event.target));
