// Runs scenario.json with the client that oapi-codegen made.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"countersign.example/driver/api"
)

type scenario struct {
	Approvals struct {
		Parts []string
		Limit int
		Wish  json.RawMessage
	}
	Secret     api.SecretsShareJSONRequestBody
	Permission api.PermissionsRequestJSONRequestBody
}

type object = map[string]any

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// What a reply holds; stops at one that refuses.
func got[T any](data *T, body []byte) T {
	if data == nil {
		panic(string(body))
	}
	return *data
}

func refusal[Code ~string](response *http.Response, code Code) object {
	return object{"status": response.StatusCode, "code": code}
}

func clientOf(url, key string) *api.ClientWithResponses {
	bearer := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+key)
		return nil
	}
	return must(api.NewClientWithResponses(url, api.WithRequestEditorFn(bearer)))
}

func main() {
	file, url, key, testKey, name := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	ctx := context.Background()
	var told scenario
	if err := json.Unmarshal(must(os.ReadFile(file)), &told); err != nil {
		panic(err)
	}
	client, agent := clientOf(url, key), clientOf(url, testKey)
	seen := object{}

	var created []api.ApprovalStatus
	first := ""
	for _, part := range told.Approvals.Parts {
		var wish api.ApprovalsCreateJSONRequestBody
		if err := json.Unmarshal(told.Approvals.Wish, &wish); err != nil {
			panic(err)
		}
		wish.KeyPath, wish.RefId = fmt.Sprintf("clients/%s/%s", name, part), &name
		reply := must(client.ApprovalsCreateWithResponse(ctx, nil, wish))
		made := got(reply.JSON201, reply.Body)
		created = append(created, made.Status)
		if first == "" {
			first = made.ApprovalId
		}
	}
	seen["created"] = created

	one := must(client.ApprovalsGetWithResponse(ctx, first, nil))
	read := got(one.JSON200, one.Body)
	var actions []string
	for _, action := range read.Actions {
		actions = append(actions, action.Key)
	}
	seen["read"] = object{"status": read.Status, "info": read.Info, "actions": actions}

	var pages []int
	filter := api.ApprovalsListParams{RefId: &name, Limit: &told.Approvals.Limit}
	for {
		reply := must(client.ApprovalsListWithResponse(ctx, &filter))
		page := got(reply.JSON200, reply.Body)
		pages = append(pages, len(page.Items))
		if page.NextCursor == nil {
			break
		}
		filter.Cursor = page.NextCursor
	}
	seen["pages"] = pages

	shared := must(client.SecretsShareWithResponse(ctx, nil, told.Secret))
	secretKey := *got(shared.JSON200, shared.Body).SecretKey
	nothing := api.SecretsRetrieveJSONRequestBody{}
	opened := must(client.SecretsRetrieveWithResponse(ctx, secretKey, nil, nothing))
	seen["secret"] = got(opened.JSON200, opened.Body).Value
	again := must(client.SecretsRetrieveWithResponse(ctx, secretKey, nil, nothing))
	seen["secret_again"] = refusal(again.HTTPResponse, got(again.JSON404, again.Body).Code)

	asked := must(agent.PermissionsRequestWithResponse(ctx, nil, told.Permission))
	granted := got(asked.JSON200, asked.Body)
	seen["permission"] = object{"status": granted.Status, "env": granted.Env, "scope": granted.Scope}
	token := api.PermissionsUseJSONRequestBody{Token: *granted.Token}
	using := must(agent.PermissionsUseWithResponse(ctx, granted.Id, token))
	used := got(using.JSON200, using.Body)
	seen["used"] = object{"success": used.Success, "uses_remaining": used.UsesRemaining}
	spent := must(agent.PermissionsUseWithResponse(ctx, granted.Id, token))
	seen["used_again"] = refusal(spent.HTTPResponse, got(spent.JSON410, spent.Body).Code)

	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		panic(err)
	}
}
