package source

import "slices"

// owners are the names under which a request's metadata says whose it is, the best first.
var owners = [...]string{"account_id", "account", "accountId", "tenant_id", "tenant", "tenantId", "customer_id", "customer",
	"customerId", "user_id", "user", "userId"}

// tenants are the names under which a gateway's header attributes say whose a
// request is, the best first.
var tenants = [...]string{"tenant.id", "account.id", "x-tenant-id", "x-account-id", "tenant_id", "account_id",
	"user.id", "x-user-id", "user_id", "enduser.id", "api_key_id", "x-api-key-id"}

// claim weighs a field that may say whose a request is: v becomes the account
// when k stands before the best name so far, and the new best is returned. A
// user beside a tenant, or an end user beside a user, is the account's own customer.
func (d *decoder) claim(names []string, best int, k, v string) int {
	if v == "" {
		return best
	}
	at := slices.Index(names, k)
	switch {
	case at < 0:
		return best
	case at < best:
		if best < len(names) && isUser(names[best]) {
			d.x.SubAccount = first(d.x.SubAccount, d.x.Account)
		}
		d.x.Account = v
		return at
	case isUser(k):
		d.x.SubAccount = first(d.x.SubAccount, v)
	}
	return best
}

func isUser(name string) bool {
	switch name {
	case "user_id", "user", "userId", "user.id", "x-user-id", "enduser.id", "enduser.pseudo.id":
		return true
	}
	return false
}

// oneself clears a sub-account that is the account itself.
func (d *decoder) oneself() {
	if d.x.SubAccount == d.x.Account {
		d.x.SubAccount = ""
	}
}
