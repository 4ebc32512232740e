// What of this page is too wide, cut off, outside of the window or lies on something else.
() => {
  const faults = [];
  const name = element => {
    const text = (element.textContent || element.value || "").trim().slice(0, 20);
    return `<${element.localName} class="${element.className}"> ${text}`;
  };
  const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const root = document.documentElement;
  const width = root.clientWidth;
  if (root.scrollWidth > width) faults.push(`the page is ${root.scrollWidth} px, wider than the window`);

  const all = [...document.body.querySelectorAll("*")].filter(element => element.checkVisibility());
  for (const element of all) {
    const style = getComputedStyle(element);
    const tooLong = element.scrollHeight > element.clientHeight + 2 && ["hidden", "clip"].includes(style.overflowY);
    const tooWide = element.scrollWidth > element.clientWidth + 2 && ["hidden", "clip"].includes(style.overflowX);
    const onlyHeard = element.clientWidth <= 1 || element.clientHeight <= 1;
    const field = element.matches("input, select, textarea"); // these scroll by themselves
    if ((tooLong || tooWide) && !onlyHeard && !field) faults.push(`cut off: ${name(element)}`);
  }

  // Where letters and controls are. A line's box is taller than its letters: its middle half counts.
  const boxes = [];
  const heardOnly = element => {
    for (; element && element !== document.body; element = element.parentElement) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (style.position === "absolute" && (box.width <= 1 || box.bottom + scrollY <= 0)) return true;
    }
    return false;
  };
  const scroller = element => {
    for (; element; element = element.parentElement) if (scrolls(element)) return element;
    return null;
  };
  const add = (owner, rect, letters) => {
    if (rect.width < 1 || rect.height < 1) return;
    const trim = letters ? rect.height / 4 : 1;
    const box = { owner, left: rect.left + 1, right: rect.right - 1, top: rect.top + trim, bottom: rect.bottom - trim };
    boxes.push(box);
    if (!scroller(owner) && (rect.left < -1 || rect.right > width + 1)) faults.push(`out of the window: ${name(owner)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = new Range();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const owner = node.parentElement;
    if (!node.data.trim() || !owner.checkVisibility({ visibilityProperty: true }) || heardOnly(owner)) continue;
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(owner, rect, true);
  }
  for (const control of document.body.querySelectorAll("input, select, textarea, img")) {
    if (control.checkVisibility() && !heardOnly(control)) add(control, control.getBoundingClientRect(), false);
  }

  boxes.sort((one, other) => one.top - other.top);
  const seen = new Set();
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom - 1; j++) {
      const [one, other] = [boxes[i], boxes[j]];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (one.owner === other.owner || across < 2 || scroller(one.owner) !== scroller(other.owner)) continue;
      const fault = `${name(one.owner)} lies on ${name(other.owner)}`;
      if (!seen.has(fault)) faults.push(fault);
      seen.add(fault);
    }
  }
  return faults.slice(0, 20);
}
