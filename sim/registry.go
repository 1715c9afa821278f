package sim

import (
	"io"
	"time"

	"iolaus/exchange"
)

// writeAccounts writes the sign-up registry as it stands at the end of the window.
func (w *World) writeAccounts(out io.Writer) error {
	var b []byte
	for i := range w.Accounts {
		b = appendAccount(b[:0], &w.Accounts[i])
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func appendAccount(b []byte, a *exchange.Account) []byte {
	b = field(append(b, '{'), "account_id", a.ID)
	b = field(append(b, ','), "created_at", a.Created.Format(time.RFC3339))
	b = optional(append(b, ','), "email_domain", a.EmailDomain)
	b = optional(append(b, ','), "email_local_pattern", a.EmailPattern)
	b = optional(append(b, ','), "payment_fingerprint", a.Payment)
	b = optional(append(b, ','), "payment_bin_country", a.BINCountry)
	b = optional(append(b, ','), "phone_country", a.PhoneCountry)
	b = optional(append(b, ','), "billing_country", a.BillCountry)
	b = optional(append(b, ','), "org_id", a.Org)
	b = optional(append(b, ','), "org_name", a.OrgName)
	b = field(append(b, ','), "programme", a.Programme)
	b = append(b, `,"verified":`...)
	if a.Verified {
		b = append(b, "true"...)
	} else {
		b = append(b, "false"...)
	}
	b = field(append(b, ','), "plan", a.Plan)
	status, banned := "active", ""
	if !a.Banned.IsZero() {
		status, banned = "banned", a.Banned.Format(time.RFC3339Nano)
	}
	b = field(append(b, ','), "status", status)
	b = optional(append(b, ','), "banned_at", banned)
	return append(b, "}\n"...)
}

// writeTruth writes who is behind each account.
func (w *World) writeTruth(out io.Writer) error {
	var b []byte
	for i := range w.Truth {
		t := &w.Truth[i]
		b = field(append(b[:0], '{'), "account_id", t.Account)
		b = field(append(b, ','), "operator", t.Operator)
		b = field(append(b, ','), "label", t.Label)
		b = field(append(b, ','), "archetype", t.Archetype)
		if t.Replaces != "" {
			b = field(append(b, ','), "replaces", t.Replaces)
		}
		b = number64(b, "exchanges", t.Exchanges)
		b = number64(b, "extraction_exchanges", t.Extraction)
		b = append(b, "}\n"...)
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return nil
}
