package policy

// A Rule is a kind of finding. Its words are plain and hold under any law.
type Rule struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity string `json:"severity"` // high, medium or low, unless the policy says otherwise
	Says     string `json:"says"`     // what it means
	Remedy   string `json:"remedy"`   // what to do
}

// Rules lists every kind of finding, in the order of explanation.
func Rules() []Rule {
	return []Rule{
		{"unknown-endpoint", "Data went to an endpoint that nobody has identified", "high",
			"The log names a host that is in no catalogue file. Who runs it, where and under whose law is unknown; that it speaks a known provider's protocol says nothing, since anybody can offer it.",
			"Find out who runs the host and add it to a catalogue file of your own with the source, or stop the traffic."},
		{"undeclared-reseller", "A reseller stands between you and the model", "high",
			"The request went through a company that passes it on to others. Each of them may read, keep or resell it, and the policy does not name it for this workload.",
			"Declare it with its evidence if it is meant, or go to the provider directly."},
		{"undeclared-service", "A declared workload reached a service it was not declared for", "high",
			"What was observed is not what was declared, so whatever was assessed does not cover this traffic.",
			"Declare the service for the workload with its ground and evidence, or take the route away."},
		{"undeclared-workload", "Traffic of a workload that nobody declared", "medium",
			"Nobody has said what data this traffic carries, so it was judged by the policy's default class.",
			"Add it to workloads with its class and owner."},
		{"fail-over-abroad", "A failure sent the data out of the allowed regions", "high",
			"The first attempt failed and the gateway tried again elsewhere, in a place that the policy does not allow. Such traffic is rare and easily overlooked.",
			"Limit fall-backs to allowed regions, or let the request fail."},
		{"region-outside", "Data was processed or kept outside the allowed regions", "high",
			"The endpoint's region lies in a country that the policy does not allow for this class of data.",
			"Use a region that is allowed, or change the policy after an assessment."},
		{"cross-region", "The endpoint may process data outside the allowed regions", "high",
			"A global endpoint or cross-region profile lets the provider choose the place for each request. The log shows the door, not the room: the data may have left even where the region field looks right.",
			"Use a regional endpoint, a profile within the allowed regions, or evidence that limits the processing."},
		{"home-outside", "The company on top answers to a jurisdiction that the policy does not allow", "high",
			"The law of the parent's home can reach data that its subsidiaries hold in other countries.",
			"Use another provider for this class of data, or allow the jurisdiction after an assessment."},
		{"swapped-model", "Another model answered than the one asked for or declared", "high",
			"An assessment of one model does not carry over to another, which may belong to another company and be trained on other terms.",
			"Pin the model, or declare the other one."},
		{"training-on", "The provider may use the data for training or other purposes of its own", "high",
			"By its default terms, or by its evidence, the service uses what it is sent to improve its own products, always or in some cases.",
			"Switch it off by contract or setting and add the document to evidence."},
		{"retention-long", "The provider keeps the data longer than the policy allows", "high",
			"The default, or what the evidence says, is more days than the class allows.",
			"Agree on a shorter time, or zero retention, and add the document to evidence."},
		{"evidence-expired", "A document that the use rests on has expired", "high",
			"What it says no longer counts: this audit fell back to the service's defaults.",
			"Renew the document."},
		{"evidence-changed", "A document is not the one that was declared", "high",
			"Its SHA-256 differs from the policy's, or the file is missing. Somebody replaced, edited or moved it.",
			"Put the original back, or declare the new document after reading it."},
		{"evidence-missing", "A required kind of document is not declared", "medium",
			"The class asks for this kind of evidence and the use names none that is in force.",
			"Add the document to evidence and name it in the use."},
		{"no-ground", "No ground is declared for sending the data abroad", "high",
			"The policy asks for a legal ground wherever data leaves the home country, and none is written for this use.",
			"Write the ground, after an assessment, into the use."},
		{"ground-unfit", "A declared ground does not fit the country", "high",
			"The ground rests on a decision about a country, and no such decision is on the list for the country that the data reached.",
			"Rely on another ground after an assessment, or bring the list up to date in a later version."},
		{"own-purposes", "A ground that needs a mere processor meets a provider with purposes of its own", "high",
			"The declared ground holds only while the provider handles the data for you alone, and its terms let it use the data for itself.",
			"Switch the other use off by contract, or rely on another ground."},
		{"region-unknown", "Where the data was processed cannot be known from this log", "medium",
			"Neither the endpoint nor a field of the log tells the region, and the catalogue knows none.",
			"Log the region, or add evidence that settles it."},
		{"home-unknown", "Which company stands behind the endpoint is not known", "medium",
			"The service is known by its address, and no sourced fact names its company or jurisdiction.",
			"Add the company with its source to a catalogue file of your own."},
		{"training-unknown", "Whether the provider trains on the data is not known", "medium",
			"No sourced fact and no evidence settles it, and the class forbids training.",
			"Ask, and add the answer to evidence."},
		{"retention-unknown", "How long the provider keeps the data is not known", "medium",
			"No sourced fact and no evidence settles it, and the class limits retention.",
			"Ask, and add the answer to evidence."},
		{"subprocessors-unknown", "The provider's sub-processors are not known", "low",
			"The class asks that they be known, and no sourced fact or evidence lists them.",
			"Add the provider's list to evidence."},
		{"log-store", "Requests are kept in a place that the policy does not allow", "medium",
			"The gateway keeps or forwards requests and answers; that copy is a processing of its own.",
			"Move the store, or switch the logging of texts off."},
		{"possible-fallback", "A fall-back that the configuration allows would breach the policy", "medium",
			"It has not been seen in this log. It will happen at the next failure of the first choice.",
			"Limit the fall-back to allowed places."},
		{"possible-route", "A route that the configuration allows would breach the policy", "medium",
			"It has not been seen in this log, and nothing stops it.",
			"Remove the deployment from the group, or restrict who may use it."},
		{"wildcard-route", "The configuration lets callers choose any model or address", "medium",
			"A wildcard or pass-through route has no declared destination, so no assessment can cover it.",
			"List the models that are meant."},
		{"not-visible", "The log does not carry what the audit needs", "low",
			"The fact is missing from the lines themselves; its absence is no evidence that all is well.",
			"Log the field that is named, or use a log that carries it."},
		{"texts-in-log", "The log itself holds prompts and answers", "low",
			"Whoever reads the log reads the data; it needs the same care as the requests.",
			"Switch the logging of texts off, or treat the log as the class that it holds."},
		{"stale-fact", "A finding or an all-clear rests on a fact that was read long ago", "low",
			"Terms change. The source was read more than the allowed time before this audit.",
			"Read the source again and update the catalogue."},
	}
}

// RuleNamed returns the rule of that id, nil when there is none.
func RuleNamed(id string) *Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return &r
		}
	}
	return nil
}

// RuleNames lists the ids of the rules.
func RuleNames() []string {
	var out []string
	for _, r := range Rules() {
		out = append(out, r.ID)
	}
	return out
}
