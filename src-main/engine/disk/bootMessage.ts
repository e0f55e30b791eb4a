/**
 * A program for a boot sector that is not meant to start anything: it prints a message through the BIOS, waits for a
 * key and boots again. It runs wherever it is placed below 64 KiB of its segment.
 *
 *     0E        push cs
 *     1F        pop ds
 *     E8 00 00  call $+3
 *     5E        pop si             ; the address of this instruction
 *     83 C6 1A  add si, 26         ; of the message
 *     FC        cld
 *     AC        lodsb              ; next:
 *     84 C0     test al, al
 *     74 09     jz done
 *     B4 0E     mov ah, 0Eh        ; teletype output
 *     BB 07 00  mov bx, 7
 *     CD 10     int 10h
 *     EB F2     jmp next
 *     98        cbw                ; done: AX = 0, wait for a key
 *     CD 16     int 16h
 *     CD 19     int 19h            ; boot again
 *     EB FE     jmp $
 */
const program = Uint8Array.of(
  ...[0x0e, 0x1f, 0xe8, 0x00, 0x00, 0x5e, 0x83, 0xc6, 0x1a, 0xfc],
  ...[0xac, 0x84, 0xc0, 0x74, 0x09, 0xb4, 0x0e, 0xbb, 0x07, 0x00, 0xcd, 0x10, 0xeb, 0xf2],
  ...[0x98, 0xcd, 0x16, 0xcd, 0x19, 0xeb, 0xfe],
);

/** @param message ASCII, without control characters */
export function messageProgram(message: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`\r\n${message}\r\n\0`);
  const code = new Uint8Array(program.length + text.length);
  code.set(program);
  code.set(text, program.length);
  return code;
}
