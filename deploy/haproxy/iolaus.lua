-- Asks Iolaus about the account in txn.account. When there is no answer in time,
-- iolaus_open lets pass and iolaus_closed sets txn.iolaus_away. The question is
-- put once: core.httpclient would put it four times before it gives up.
local host, port = "127.0.0.1", 4717
local limit = 10   -- s; longer than the longest delay of measure slow
local token = ""   -- when serve has tokens

-- put asks and returns the status and the measure; nil when there is no answer.
local function put(path, account)
  local s = core.tcp()
  s:settimeout(limit)
  if not s:connect(host, port) then return nil end
  local question = "GET /authz HTTP/1.0\r\nHost: localhost\r\nX-Iolaus-Account: " .. account .. "\r\nX-Original-URI: " .. path .. "\r\n"
  if token ~= "" then question = question .. "X-Api-Key: " .. token .. "\r\n" end
  if not s:send(question .. "\r\n") then s:close() return nil end
  local line = s:receive("*l")
  local status, measure = line and tonumber(line:match("^HTTP/1%.%d (%d%d%d)")), nil
  while line and line:gsub("\r$", "") ~= "" do
    local name, value = line:match("^([^:]+):%s*([^\r]*)")
    if name and name:lower() == "x-iolaus-measure" then measure = value end
    line = s:receive("*l")
  end
  s:close()
  if not line then return nil end
  return status, measure
end

local function ask(txn, closed)
  local said, status, measure = pcall(put, txn.sf:path(), txn:get_var("txn.account") or "")
  if not said then status, measure = nil, nil end
  if measure then txn:set_var("txn.iolaus_measure", measure) end
  -- A refusal that names no measure is about the gateway, not about the account.
  local refused = status == 403 and measure ~= nil
  txn:set_var("txn.iolaus_refused", refused)
  txn:set_var("txn.iolaus_away", closed and status ~= 200 and not refused)
end

core.register_action("iolaus_open", { "http-req" }, function(txn) ask(txn, false) end)
core.register_action("iolaus_closed", { "http-req" }, function(txn) ask(txn, true) end)
