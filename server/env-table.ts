import { variables } from './env.ts'

/** The environment as a Markdown table: what stands in README.md, made from the same object that reads it. */
export function envTable(): string {
  const rows = Object.entries(variables.shape).map(([name, schema]) => {
    const { description = '', otherwise } = schema.meta() ?? {}
    const fallback = 'defaultValue' in schema.def ? `\`${schema.def.defaultValue}\`` : String(otherwise)
    return `| \`${name}\` | ${fallback} | ${description} |`
  })
  return ['| Variable | Default | What it is |', '| --- | --- | --- |', ...rows].join('\n')
}
