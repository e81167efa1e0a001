// Checks deliveries of a webhook (Standard Webhooks). The standard library alone.
package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Seconds that the clocks of sender and receiver may differ.
const tolerance = 300

// Verify says whether a delivery is signed with the secret and not old. The headers are webhook-id,
// webhook-timestamp and webhook-signature; the body is as it came, byte for byte.
func Verify(secret, id, timestamp, signature string, body []byte) bool {
	at, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil {
		return false
	}
	if age := time.Now().Unix() - int64(at); age > tolerance || age < -tolerance {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	wanted := mac.Sum(nil)
	// During a rotation there are two signatures; one by your secret is enough.
	for _, one := range strings.Split(signature, " ") {
		given, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, "v1,"))
		if err == nil && strings.HasPrefix(one, "v1,") && hmac.Equal(given, wanted) {
			return true
		}
	}
	return false
}

// As a program: one delivery as JSON on each line; answers ok or no for each.
func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one struct{ Secret, ID, Timestamp, Signature, Body string }
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			fmt.Fprintln(os.Stderr, "This line is not a delivery as JSON.")
			os.Exit(1)
		}
		if Verify(one.Secret, one.ID, one.Timestamp, one.Signature, []byte(one.Body)) {
			fmt.Println("ok")
		} else {
			fmt.Println("no")
		}
	}
}
