// A sieve over a typed array, as a function that is called: no system behind it.
export function run(limit: i32): i32 {
  const composite = new Uint8Array(limit + 1);
  let count = 0;
  for (let n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    count++;
    for (let multiple = n * 2; multiple <= limit; multiple += n) composite[multiple] = 1;
  }
  return count;
}
