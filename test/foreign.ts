/** Where requests of other sites' pages come from, and as what; for the tests that let none of them do anything. */

/** As browsers tell it: headers by what they stand for. `url` is the service's own origin. */
export const foreignPlaces = (url: string): Record<string, Record<string, string>> => ({
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'another site that names our origin': { 'sec-fetch-site': 'cross-site', origin: url },
  'a sibling site': { 'sec-fetch-site': 'same-site', origin: url.replace('127.0.0.1', 'localhost') },
  'an opaque origin': { origin: 'null' },
  'an opaque origin that says so': { origin: 'null', 'sec-fetch-site': 'cross-site' },
})

const flat = (fields: object) => Object.entries(fields).map(([name, value]) => [name, String(value)])

/** Every way a page can write a body. */
export const bodyForms: Record<string, (fields: object) => { type: string; body: string }> = {
  json: (fields) => ({ type: 'application/json', body: JSON.stringify(fields) }),
  'text/plain': (fields) => ({ type: 'text/plain', body: JSON.stringify(fields) }),
  form: (fields) => ({
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(flat(fields)).toString(),
  }),
  multipart: (fields) => ({
    type: 'multipart/form-data; boundary=b',
    body: `${flat(fields)
      .map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')}--b--\r\n`,
  }),
}
