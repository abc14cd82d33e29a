// How the header stands: lines of the name Twoway, height, points cut off the programme's name, doors that show,
// whether each part begins after the one before it, and what reaches out of it.
() => {
  const box = (one) => one.getBoundingClientRect();
  const header = document.querySelector(".header"), name = header.querySelector(".switcher > summary > span");
  const words = document.createRange();
  words.selectNodeContents(header.querySelector(".mark b"));
  const doors = [...header.querySelectorAll(".doors > ul > li")].filter((door) => door.offsetWidth);
  const parts = [".mark", ".switcher"].map((one) => header.querySelector(one));
  const row = [...parts, ...doors, header.querySelector(".header-end")].map(box);
  return {
    mark: words.getClientRects().length,
    row: Math.round(box(header).height),
    cut: name.scrollWidth - name.clientWidth,
    doors: doors.length,
    beside: row.every((one, at) => !at || one.left >= row[at - 1].right - 0.5),
    outside: row.filter((one) => one.left < 0 || one.right > innerWidth || one.bottom > box(header).bottom),
  };
}
