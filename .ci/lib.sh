# What .ci/run and .ci/full have in common. Read by bash, not run.

work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT

# again runs a command that needs the network up to three times.
again() {
	local try
	for try in 1 2 3; do
		if "$@"; then return; fi
		echo "attempt $try failed: $*"
		sleep $((try * 5))
	done
	return 1
}

# modules fetches what the program, its tests and tools are built from, so that a
# network that fails is told from a test that does.
modules() {
	again go list -deps -test ./... >"$work/packages"
	again go list -modfile=.ci/tools/go.mod -deps tool >>"$work/packages"
	echo "$(wc -l <"$work/packages") packages"
}

# step says what comes, and how long everything before it took.
step() { printf '\n=== %s (at %d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

# browser installs the browser that the tests of the report's page drive.
browser() {
	local name
	for name in chromium chromium-browser google-chrome; do
		if command -v "$name" >/dev/null; then return; fi
	done
	step "install: chromium, which drives the report's page"
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo "no chromium and no way to install it here: the page is not driven"
		return
	fi
	again apt-get -o Acquire::Retries=3 update -qq </dev/null &&
		DEBIAN_FRONTEND=noninteractive again apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends chromium </dev/null >/dev/null &&
		chromium --version && return
	echo "chromium cannot be installed: the page is not driven, and where CI is set its tests fail"
}

# tests runs every test. A package that hangs is ended and told, with its stacks.
tests() { go test -timeout 15m ./...; }

format() {
	local bad
	bad=$(gofmt -l .)
	if [ -n "$bad" ]; then
		echo "cannot pass: run gofmt -w on"
		echo "$bad"
		return 1
	fi
	echo "ok"
}

# race runs the tests of the packages whose code starts goroutines, without those
# that play failures against the clock: the detector slows them tenfold.
race() {
	local dirs
	dirs=$(grep -rlE '^[[:space:]]*go (func|[a-z])|\.Go\(' --include='*.go' --exclude='*_test.go' . | xargs -n1 dirname | sort -u)
	# shellcheck disable=SC2086
	go test -race -short -timeout 20m $dirs ./app
}

# fuzz TIME [ROUNDS] runs every fuzz target for a time, or for so many such times
# unless five of them in a row brought no new coverage.
fuzz() {
	local dir target
	for dir in $(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do
		go test -c -fuzz . -o "$work/fuzz.test" "$dir"
		for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | cut -d' ' -f2); do
			explore "$dir" "$target" "$1" "${2:-1}"
		done
	done
}

# explore DIR TARGET TIME ROUNDS fuzzes one target, of the binary that fuzz built.
explore() {
	local cache round new=0 all=0 quiet=0
	cache=$(go env GOCACHE)/fuzz/iolaus/${1#./}
	for ((round = 1; round <= $4 && quiet < 5; round++)); do
		# A worker that is busy at the very end, or still at the corpus, makes go report the deadline itself as a failure.
		if ! (cd "$1" && timeout 30m "$work/fuzz.test" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "$3" -test.fuzzcachedir "$cache") >"$work/fuzz" 2>&1 &&
			{ grep -q 'Failing input written' "$work/fuzz" || ! grep -qx '    context deadline exceeded' "$work/fuzz"; }; then
			cat "$work/fuzz"
			return 1
		fi
		new=$(sed -nE 's/^fuzz: elapsed.*new interesting: ([0-9]+).*/\1/p' "$work/fuzz" | tail -n 1)
		quiet=$((${new:-0} ? 0 : quiet + 1))
		all=$((all + ${new:-0}))
	done
	echo "$1 $2: $((round - 1)) times $3, $all inputs of new coverage; $(grep -E '^fuzz: elapsed' "$work/fuzz" | tail -n 1)"
}

# worlds runs detect over the labelled worlds beside the checkout and holds it
# to the heads it must find and to the people it must leave alone.
worlds() {
	local from=../shared/worlds
	if [ ! -d "$from/score" ]; then
		echo "no $from here: not compared"
		return
	fi
	go build -o "$work/iolaus" ./cmd/iolaus
	cp -r "$from/score" "$work/scorer" && (cd "$work/scorer" && again go build -o "$work/score" .)
	world naive 36
	world proxied 59
	world innocent 0
}

# world NAME LEAST detects in one labelled world and reads the scorer's figures.
world() {
	local w=../shared/worlds/$1 line name bad=0
	"$work/iolaus" detect --accounts "$w/accounts.jsonl" --out "$work/$1" "$w/exchanges.jsonl.gz"
	line=$("$work/score" -json -truth "$w/truth.jsonl" -accounts "$w/accounts.jsonl" -exchanges "$w/exchanges.jsonl.gz" -result "$work/$1/result.jsonl")
	for name in benign_flagged unknown_accounts flagged_before_sign_up reports_before_their_first_member; do
		[ "$(figure "$name" "$line")" = 0 ] || bad=1
	done
	[ "$(figure flagged "$line")" -ge "$2" ] || bad=1
	if [ "$bad" != 0 ]; then
		echo "cannot pass: $1 needs at least $2 heads, no innocent account and no fault, and scored $line"
		return 1
	fi
	echo "$1: $(figure flagged "$line") heads, no innocent account of $(figure benign_total "$line"), no fault"
}

# figure NAME LINE is a whole number of the scorer's JSON.
figure() { sed -nE "s/.*\"$1\":([0-9]+).*/\1/p" <<<"$2"; }

# scoreboard runs a suite of eval; the quick one is held to its golden.
scoreboard() {
	if [ "$1" = quick ]; then
		go run ./cmd/iolaus eval quick --check
	else
		go run ./cmd/iolaus eval "$1" --out "${SCOREBOARD:-scoreboard}"
	fi
}
