// A document of JSON, written and read again: reflection, allocation, a garbage collector.
package main

import (
	"encoding/json"
	"fmt"
)

type point struct {
	Name string             `json:"name"`
	At   [3]float64         `json:"at"`
	Tags map[string]float64 `json:"tags"`
}

func main() {
	var points []point
	for i := 0; i < 2000; i++ {
		tags := map[string]float64{"weight": float64(i) / 8, "height": float64(i * i)}
		points = append(points, point{fmt.Sprint("point ", i), [3]float64{float64(i), 0.5, -1}, tags})
	}
	bytes := 0
	for round := 0; round < 4; round++ {
		text, err := json.Marshal(points)
		if err != nil {
			panic(err)
		}
		bytes += len(text)
		points = nil
		if err := json.Unmarshal(text, &points); err != nil {
			panic(err)
		}
	}
	fmt.Println(bytes, len(points), points[1999].Tags["height"])
}
