package main

import "github.com/spf13/cobra"

// verbs lists what iolaus can do, in the order of its help.
func verbs() []*cobra.Command {
	return []*cobra.Command{
		newDemo(),
		newDoctor(),
		newDetect(),
		newCalibrate(),
		newReport(),
		newServe(),
		newReplay(),
		newCheck(),
		newExplain(),
		newDismiss(),
		simulateVerb(),
		evalVerb(),
		newRoute(),
		newVerify(),
	}
}
