// A list that grows at its end.

/** A function that appends to a list, keeps at most so many items, and stays at the end unless someone has scrolled away. */
export function endless(list, most) {
  let isAtEnd = true;
  const follow = () => { if (isAtEnd) list.scrollTop = list.scrollHeight; };
  list.addEventListener("scroll", () => { isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40; });
  new ResizeObserver(follow).observe(list);
  return item => {
    list.append(item);
    while (list.children.length > most) list.firstElementChild.remove();
    follow();
  };
}
