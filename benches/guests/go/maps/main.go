// Go's maps and its sort: hashing, growth, comparison through interfaces.
package main

import (
	"fmt"
	"sort"
)

func main() {
	counts := map[uint32]int{}
	x := uint32(1)
	for i := 0; i < 400000; i++ {
		x = x*1664525 + 1013904223
		counts[x>>16]++
	}
	keys := make([]uint32, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	sum := uint64(0)
	for place, key := range keys {
		sum += uint64(place) * uint64(key) * uint64(counts[key])
	}
	fmt.Println(len(keys), sum)
}
