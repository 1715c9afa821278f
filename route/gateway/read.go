package gateway

import (
	"iolaus/route/document"
)

// Read reads one configuration file and adds it to c. LiteLLM's config.yaml and
// the Kubernetes resources of the Envoy AI Gateway are told apart by their keys.
// An error is a *document.Problem.
func (c *Config) Read(name string, data []byte) error {
	files, err := document.ReadAll(name, data)
	if err != nil {
		return err
	}
	c.Files = append(c.Files, name)
	var kube []*document.File
	known := false
	for _, f := range files {
		var head struct {
			Kind       string `yaml:"kind"`
			APIVersion string `yaml:"apiVersion"`
			Models     []any  `yaml:"model_list"`
			Router     any    `yaml:"router_settings"`
			Settings   any    `yaml:"litellm_settings"`
			General    any    `yaml:"general_settings"`
		}
		if err := f.Decode(&head); err != nil {
			return err
		}
		switch {
		case head.Kind != "" && head.APIVersion != "":
			kube = append(kube, f)
			known = true
		case head.Models != nil || head.Router != nil || head.Settings != nil || head.General != nil:
			known = true
			if err := c.litellm(f); err != nil {
				return err
			}
		}
	}
	if !known {
		return &document.Problem{File: name, Line: files[0].Line(""), What: "is neither a LiteLLM configuration nor a list of Kubernetes resources",
			Remedy: "give LiteLLM's config.yaml (model_list, router_settings, ...) or the Envoy AI Gateway's resources (kind, apiVersion)"}
	}
	return c.envoy(kube)
}
