package eval

// Baselines returns what others do or have proposed, in the order of the table.
func Baselines() []Contender {
	return []Contender{
		{Name: "rate limit", About: "requests per account and hour or day", Method: rateLimit{}},
	}
}
