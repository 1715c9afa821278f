# What .ci/run and .ci/full have in common. Read by bash, not run.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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
	apt-get update -qq </dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null
	chromium --version
}

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
	go test -race -short $dirs ./app
}

# fuzz runs every fuzz target for a time.
fuzz() {
	local dir target
	for dir in $(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do
		for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | cut -d' ' -f2); do
			# A worker that is busy at the very end makes go report the deadline itself as a failure.
			if ! go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$dir" >"$work/fuzz" 2>&1 &&
				{ grep -q 'Failing input written' "$work/fuzz" || ! grep -qx '    context deadline exceeded' "$work/fuzz"; }; then
				cat "$work/fuzz"
				return 1
			fi
			echo "$dir $target: $(grep -E '^fuzz: elapsed' "$work/fuzz" | tail -n 1)"
		done
	done
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
	cp -r "$from/score" "$work/scorer" && (cd "$work/scorer" && go build -o "$work/score" .)
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
