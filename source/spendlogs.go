package source

// spendlogsFormat is a row of LiteLLM's spend log table as JSON. Its column
// names differ from the logging payload's only where the case list below says so.
func spendlogsFormat() format {
	return format{
		name:    "litellm-spendlogs",
		account: "user",
		fits: func(p *probe) bool {
			return p.has("request_id") && p.has("api_key") && p.has("startTime") && p.has("spend")
		},
		decode: (*decoder).spendlogs,
	}
}

func (d *decoder) spendlogs() {
	c, x := &d.c, &d.x
	var who litellmMeta
	var user, group, status string
	var request []byte
	var k string
	c.object()
	for c.key(&k) {
		switch k {
		case "request_id":
			x.ID = c.scalar()
		case "api_key":
			x.Key = c.scalar()
		case "user":
			user = c.scalar()
		case "team_id":
			x.Team = first(c.scalar(), x.Team)
		case "organization_id":
			x.Org = first(c.scalar(), x.Org)
		case "session_id":
			x.Session = c.scalar()
		case "call_type":
			x.Operation = litellmOperation(c.str())
		case "startTime":
			d.start = c.instant()
		case "endTime":
			x.End = moment(c.instant())
		case "completionStartTime":
			x.FirstToken = moment(c.instant())
		case "model":
			x.Served = first(c.str(), x.Served)
		case "model_group":
			group = c.str()
		case "status":
			status = c.str()
		case "metadata":
			d.spendMetadata(c.embedded(), &who)
		case "messages":
			d.messages(c)
		case "response":
			d.litellmResponse(c)
		case "proxy_server_request":
			request = c.embedded().raw()
		default:
			d.litellmRest(c, k)
		}
	}
	if len(x.Turns) == 0 && x.System == "" && len(request) > 0 {
		d.body(&cursor{b: request})
	}
	x.Model = first(group, x.Served)
	if x.Served == x.Model {
		x.Served = ""
	}
	who.user = first(user, who.user)
	who.settle(d)
	d.litellmStatus(status)
}

// spendMetadata reads the metadata column: the payload's metadata, and the error.
func (d *decoder) spendMetadata(c *cursor, m *litellmMeta) {
	if !c.object() {
		return
	}
	var k string
	for c.key(&k) {
		switch k {
		case "error_information":
			d.failure(c)
		default:
			d.litellmMetaField(c, k, m)
		}
	}
}
