/// The copies that a page makes on its way, as the code stands: change this when the way changes.
enum PageCopies {
    static let explanation = """
        counted in the code, not measured. A copy is each time that the bytes of the page are written anew into memory, by \
        our programs, a library or the kernel; turning one form into another (rows to JPEG, plain to sealed) is marked as such. \
        Before this was counted a page was copied 25 times: the PDF was made by the render worker, so that all pages went \
        there and back once more through two buffers and the kernel each way; frames were put together in a buffer of their \
        own before they were sent; the JPEG was copied out of its encoder, the PDF into an array, each piece into the \
        sealer's chunk. Then it was 11, and kioskd grew with every page of a document; the six of putting aside and taking back \
        are the price of a memory that does not.
        """

    static let table = Table(
        columns: ["place", "copies", "why they are needed"],
        rows: [
            [
                "scan worker: libsane → 64 KiB buffer → rows of the page", "2",
                "SANE's interface; the encoder wants the whole page",
            ],
            ["scan worker: rows → JPEG", "(form)", "straight into the buffer that is sent"],
            ["scan worker → kioskd: socket", "2", "into the kernel and out of it"],
            ["kioskd: what arrived → frame", "1", "arrives in parts, must lie in one piece"],
            ["kioskd → render worker, for the checks", "3", "as before: the parser must not live in kioskd"],
            [
                "kioskd: put aside, sealed to a key of its own → file", "3",
                "as below; memory stays the same however many pages a document has",
            ],
            [
                "kioskd: file → part → box of its chunk → plain part", "3",
                "a quarter of a megabyte at once, when the document is sealed",
            ],
            ["kioskd: JPEG in the PDF", "0", "the page itself is one of the PDF's pieces"],
            [
                "kioskd: piece → sealed chunk", "(form)",
                "from where it lies; only what crosses a chunk's edge is gathered",
            ],
            [
                "kioskd: sealed chunk → its box → output", "2",
                "swift-crypto puts nonce, ciphertext and tag together; one write a megabyte",
            ],
            ["kioskd: output → file", "1", "the kernel's page cache, synced from there"],
            ["**all**", "17", "of which 3 are the checks', 6 putting aside"],
        ])
}
