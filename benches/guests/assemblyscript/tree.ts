// A binary search tree of objects: allocation and pointers.
class Node {
  left: Node | null = null;
  right: Node | null = null;
  constructor(public key: u32) {}
}

export function run(count: i32): i32 {
  let root = new Node(0x80000000), x: u32 = 1, depth = 0;
  for (let i = 0; i < count; i++) {
    x = x * 1664525 + 1013904223;
    let at = root, down = 0;
    while (true) {
      down++;
      const next = x < at.key ? at.left : at.right;
      if (next === null) break;
      at = next;
    }
    if (x < at.key) at.left = new Node(x);
    else at.right = new Node(x);
    if (down > depth) depth = down;
  }
  return depth;
}
