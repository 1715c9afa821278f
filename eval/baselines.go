package eval

// Baselines returns what others do or have proposed, in the order of the table.
func Baselines() []Contender {
	list := []Contender{
		{Name: "rate limit", About: "requests per account and hour or day", Method: rateLimit{}},
		{Name: "union-find", About: "components over shared cards, addresses and clients", Groups: true, Method: unionFind{}},
		{Name: "SynchroTrap", About: "Cao et al., CCS 2014: same object at about the same time", Groups: true, Method: synchroTrap{}},
		{Name: "PRADA", About: "Juuti et al., EuroS&P 2019: are distances between queries normal?", Method: prada{}},
		{Name: "MMD window", About: "Gretton et al., JMLR 2012; arXiv 2606.05725: is a window of prompts everybody's?", Method: mmdWindow{}},
		{Name: "shared prefix", About: "accounts whose prompts begin alike", Groups: true, Method: sharedPrefix{}},
	}
	for i := range list {
		list[i].Tuned = true
	}
	return list
}
