// Only the styles of the components that public pages use, in the order Mantine needs (its whole sheet is 36 KiB).
// Its variables are written by the provider (`deduplicateCssVariables`), not sent a second time as a sheet.
import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Input.css'
