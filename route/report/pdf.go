package report

import (
	"io"

	"iolaus/route"
)

func PDF(w io.Writer, r *route.Report) error { return JSON(w, r) }
