import { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

// From our own host: the library would fetch it from a stranger's.
prepareZXingModule({ overrides: { locateFile: () => wasm } })

const detector = new BarcodeDetector({ formats: ['qr_code'] })

/** The texts of every QR code in a picture or in what a camera shows now. The picture stays in this browser. */
export const readCodes = async (picture: Blob | HTMLVideoElement): Promise<string[]> =>
  (await detector.detect(picture)).map(({ rawValue }) => rawValue)
