package source

import "time"

// azureFormat is Azure OpenAI's diagnostic log, one record a line or wrapped in
// {"records":[...]}. It has neither texts nor tokens, and often no caller.
func azureFormat() format {
	return format{
		name:    "azure",
		account: "properties.objectId",
		fits: func(p *probe) bool {
			return p.has("records") && p.holds("records", "resourceId") ||
				p.has("resourceId") && p.has("category") && p.has("operationName")
		},
		decode: (*decoder).azure,
		many:   true,
	}
}

func (d *decoder) azure() {
	d.azureRecord(&d.c, true)
}

// azureRecord reads one record, or the records of a wrapper.
func (d *decoder) azureRecord(c *cursor, outer bool) {
	var r azureWho
	var k string
	wrapped := false
	for ok := c.object(); ok && c.key(&k); {
		if k == "records" && outer {
			wrapped = true
			d.azureRecords(c)
			continue
		}
		d.azureField(c, k, &r)
	}
	if wrapped {
		return
	}
	switch {
	case c.bad || d.c.bad:
		return // the line is told as a whole
	case r.category != "RequestResponse" && r.category != "Audit" && r.category != "":
		d.other()
		return
	}
	d.x.Account = first(r.object, r.resource)
	d.x.Endpoint = r.resource
	if d.start > 0 && r.took > 0 {
		d.x.End = moment(d.start + int64(r.took))
	}
	d.yield()
}

func (d *decoder) azureRecords(c *cursor) {
	if !c.array() {
		return
	}
	for c.more() {
		if c.peek() != '{' {
			c.skip()
			continue
		}
		d.reset()
		raw := c.raw()
		d.override(raw)
		d.azureRecord(&cursor{b: raw}, false)
	}
}

// azureWho is what of a record is weighed at its end.
type azureWho struct {
	object, resource, category string
	took                       time.Duration
}

func (d *decoder) azureField(c *cursor, k string, r *azureWho) {
	x := &d.x
	switch k {
	case "time", "TimeGenerated":
		d.start = c.instant()
	case "resourceId":
		r.resource = c.scalar()
	case "category":
		r.category = c.str()
	case "correlationId":
		x.ID = c.scalar()
	case "operationName":
		x.Operation = azureOperation(c.str())
	case "callerIpAddress", "callerIPAddress", "CallerIPAddress":
		x.Address = address(c.scalar()) // none when its last octet is masked
	case "resultSignature", "ResultSignature":
		d.status(c.int())
	case "durationMs", "DurationMs":
		r.took = time.Duration(c.int()) * time.Millisecond
	case "location", "Tenant":
		x.Region = first(c.scalar(), x.Region)
	case "properties":
		d.azureProperties(c.embedded(), r)
	default:
		c.skip()
	}
}

func (d *decoder) azureProperties(c *cursor, r *azureWho) {
	if !c.object() {
		return
	}
	x := &d.x
	var version string
	var k string
	for c.key(&k) {
		switch k {
		case "objectId":
			r.object = c.scalar()
		case "modelDeploymentName":
			x.Model = first(c.scalar(), x.Model)
		case "modelName":
			x.Served = c.scalar()
		case "modelVersion":
			version = c.scalar()
		case "streamType":
			x.Params.Stream = c.scalar() == "Streaming"
		default:
			c.skip()
		}
	}
	if x.Served != "" && version != "" {
		x.Served = d.glue(x.Served, "-", version)
	}
}

func azureOperation(s string) string {
	switch s {
	case "ChatCompletions_Create", "ExtensionsChatCompletions_Create":
		return "chat"
	case "Completions_Create":
		return "completion"
	case "Embeddings_Create":
		return "embeddings"
	case "Responses_Create":
		return "responses"
	}
	return s
}
