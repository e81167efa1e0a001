#!/usr/bin/env bash
# Asks a person through Countersign and waits for the answer. Needs bash and curl, nothing else.
#
#   COUNTERSIGN_URL=https://sign.example.com COUNTERSIGN_API_KEY=otw_… \
#     ./wait-for-approval.sh <key_path> <info> [seconds to decide, 600]
#
# Exit codes: 0 approved, 1 error, 2 usage, 3 rejected, 4 expired, 5 invalidated or locked.
# LINK=bearer lets whoever has the link decide; without it a person of the project signs in.
set -euo pipefail

if [ $# -lt 2 ] || [ -z "${COUNTERSIGN_URL:-}" ] || [ -z "${COUNTERSIGN_API_KEY:-}" ]; then
  echo "usage: COUNTERSIGN_URL=… COUNTERSIGN_API_KEY=… $0 <key_path> <info> [seconds]" >&2
  exit 2
fi
key_path=$1
info=$2
seconds=${3:-600}
approvals=${COUNTERSIGN_URL%/}/v1/approvals
reply=$(mktemp)
trap 'rm -f "$reply"' EXIT

# One request; prints the status and leaves the body in $reply. curl itself waits as Retry-After says (429, 503) and tries
# again when nothing came back. The key goes in as a file, because arguments are seen by everybody on the machine.
ask() {
  curl --silent --show-error --output "$reply" --write-out '%{http_code}' --max-time 80 \
    --retry 4 --retry-all-errors --header @<(printf 'Authorization: Bearer %s' "$COUNTERSIGN_API_KEY") "$@"
}

# The first text under a name. Names inside a text have their quotes escaped and are never found.
field() { grep -o "\"$1\":\"[^\"]*\"" "$reply" | head -n 1 | cut -d '"' -f 4 || true; }

refused() {
  echo "Countersign answered $1: $(field error) (request $(field request_id))" >&2
  exit 1
}

# However often this is sent, one approval is made: they all have the same Idempotency-Key.
once=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
status=$(ask "$approvals" --header "Idempotency-Key: $once" \
  --data-urlencode "key_path=$key_path" --data-urlencode "info=$info" \
  --data-urlencode "ttl_seconds=$seconds" --data-urlencode "link=${LINK:-signed_in}" \
  --data-urlencode 'actions=[{"key":"approve","value":"approved","style":"primary"},{"key":"reject","value":"rejected","style":"danger"}]') ||
  exit 1
[ "$status" = 201 ] || refused "$status"
id=$(field approval_id)
echo "Decide here: $(field url)" >&2

# Nobody should decide what nobody waits for any more.
trap 'ask "$approvals/$id/invalidate" --request POST --max-time 10 --retry 0 >/dev/null || true; exit 130' INT TERM

# Each round is answered when somebody decides, or after 50 seconds. The server keeps all state, so a lost round loses nothing.
end=$((SECONDS + seconds + 60))
while [ "$SECONDS" -lt "$end" ]; do
  status=$(ask "$approvals/$id?wait=50") || { sleep 2; continue; }
  case $status in
    200) ;;
    5*) sleep 2; continue ;;
    *) refused "$status" ;;
  esac
  case $(field status) in
    pending) sleep 1 ;;
    executed)
      action=$(field action)
      echo "$action"
      [ "$action" = approve ] || exit 3
      exit 0
      ;;
    expired) echo "Time is up: nobody decided." >&2; exit 4 ;;
    invalidated | locked) echo "It was not decided: $(field status)." >&2; exit 5 ;;
  esac
done
echo "The server did not answer until the end." >&2
exit 1
