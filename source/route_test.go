package source

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"iolaus/exchange"
)

// TestLiteLLMRouting: the fields that say where an answer came from.
func TestLiteLLMRouting(t *testing.T) {
	line := `{"id":"1","call_type":"acompletion","startTime":1785715249.6,"endTime":1785715250.1,"model":"claude-x","model_group":"drafts",` +
		`"custom_llm_provider":"azure","api_base":null,"metadata":{"user_api_key_user_id":"u","user_api_key_alias":"drafts-key","user_api_key_team_alias":"Drafts"},` +
		`"hidden_params":{"api_base":"https://r.openai.azure.com/","additional_headers":{"llm_provider-x-ms-region":"Australia East","x_litellm_attempted_fallbacks":2}},` +
		`"response":{"model":"m","usage":{"inference_geo":"us"}}}` + "\n"
	in := []Input{{Name: "log", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(line)), nil }}}
	var got exchange.Exchange
	_, err := Scan(context.Background(), in, Options{},
		func() func(*exchange.Exchange, *exchange.Exchange) {
			return func(x, out *exchange.Exchange) {
				*out = exchange.Exchange{Endpoint: strings.Clone(x.Endpoint), Region: strings.Clone(x.Region), ServedRegion: strings.Clone(x.ServedRegion),
					KeyName: strings.Clone(x.KeyName), TeamName: strings.Clone(x.TeamName), Fallbacks: x.Fallbacks}
			}
		},
		func(_ time.Time, x *exchange.Exchange) error { got = *x; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if got.Endpoint != "https://r.openai.azure.com/" || got.Region != "Australia East" || got.ServedRegion != "us" ||
		got.KeyName != "drafts-key" || got.TeamName != "Drafts" || got.Fallbacks != 2 {
		t.Errorf("got endpoint %q, region %q, served region %q, key %q, team %q, fallbacks %d",
			got.Endpoint, got.Region, got.ServedRegion, got.KeyName, got.TeamName, got.Fallbacks)
	}
}
