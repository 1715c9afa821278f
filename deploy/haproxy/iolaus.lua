-- Asks Iolaus about the account in txn.account. Fails open: when there is no
-- answer in time, the request passes; set closed to true to refuse instead.
local url    = "http://127.0.0.1:4717/authz"
local closed = false
local limit  = 10000 -- ms; longer than the longest delay of measure slow

core.register_action("iolaus", { "http-req" }, function(txn)
  local client = core.httpclient()
  local answer = client:get({
    url = url, timeout = limit,
    headers = {
      ["host"] = { "localhost" },
      ["x-iolaus-account"] = { txn:get_var("txn.account") or "" },
      ["x-original-uri"] = { txn.sf:path() },
      -- ["x-api-key"] = { "TOKEN" },
    },
  })
  if not answer or not answer.status or answer.status == 0 or answer.status >= 500 then
    txn:set_var("txn.iolaus_refused", closed)
    return
  end
  local measure = answer.headers and answer.headers["x-iolaus-measure"]
  if measure then txn:set_var("txn.iolaus_measure", measure[0]) end
  txn:set_var("txn.iolaus_refused", answer.status == 403 or answer.status == 401)
end)
