package report

import (
	"io"

	"iolaus/route"
)

func HTML(w io.Writer, r *route.Report) error { return JSON(w, r) }
func PDF(w io.Writer, r *route.Report) error  { return JSON(w, r) }
