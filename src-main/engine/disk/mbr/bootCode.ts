import { messageProgram } from '../bootMessage';

/**
 * Our program in an MBR: it starts the active partition as the BIOS would start the disk. It moves itself to 0:0600,
 * looks for an entry with status 80h, reads the first sector of that partition to 0:7C00 through the extended INT 13h,
 * and goes there with DL = drive and SI = entry. Where there is no such entry, or no boot sector, a message is shown.
 *
 *     FA              cli
 *     31 C0           xor ax, ax
 *     8E D0           mov ss, ax
 *     BC 00 7C        mov sp, 7C00h
 *     8E D8           mov ds, ax
 *     8E C0           mov es, ax
 *     FB              sti
 *     FC              cld
 *     BE 00 7C        mov si, 7C00h
 *     BF 00 06        mov di, 0600h
 *     B9 00 01        mov cx, 256
 *     F3 A5           rep movsw
 *     EA 1E 06 00 00  jmp 0:061Eh        ; the next instruction, in the copy
 *     BE BE 07        mov si, 07BEh      ; first entry
 *     B1 04           mov cl, 4          ; CX was 0
 *     80 3C 80        cmp byte [si], 80h ; next:
 *     74 07           je found
 *     83 C6 10        add si, 16
 *     E2 F6           loop next
 *     EB 2D           jmp message
 *     56              push si            ; found:
 *     6A 00           push 0             ; address packet, last word first: sector, 64 bits
 *     6A 00           push 0
 *     FF 74 0A        push word [si+10]
 *     FF 74 08        push word [si+8]
 *     6A 00           push 0             ; to 0:7C00
 *     68 00 7C        push 7C00h
 *     6A 01           push 1             ; sectors
 *     6A 10           push 16            ; bytes of the packet
 *     89 E6           mov si, sp
 *     B4 42           mov ah, 42h        ; extended read
 *     CD 13           int 13h
 *     72 11           jc message
 *     83 C4 10        add sp, 16
 *     5E              pop si
 *     81 3E FE 7D 55 AA  cmp word [7DFEh], AA55h
 *     75 05           jne message
 *     EA 00 7C 00 00  jmp 0:7C00h
 */
const program = Uint8Array.of(
  ...[0xfa, 0x31, 0xc0, 0x8e, 0xd0, 0xbc, 0x00, 0x7c, 0x8e, 0xd8, 0x8e, 0xc0, 0xfb, 0xfc],
  ...[0xbe, 0x00, 0x7c, 0xbf, 0x00, 0x06, 0xb9, 0x00, 0x01, 0xf3, 0xa5, 0xea, 0x1e, 0x06, 0x00, 0x00],
  ...[0xbe, 0xbe, 0x07, 0xb1, 0x04],
  ...[0x80, 0x3c, 0x80, 0x74, 0x07, 0x83, 0xc6, 0x10, 0xe2, 0xf6, 0xeb, 0x2d],
  ...[0x56, 0x6a, 0x00, 0x6a, 0x00, 0xff, 0x74, 0x0a, 0xff, 0x74, 0x08, 0x6a, 0x00, 0x68, 0x00, 0x7c],
  ...[0x6a, 0x01, 0x6a, 0x10, 0x89, 0xe6, 0xb4, 0x42, 0xcd, 0x13, 0x72, 0x11],
  ...[0x83, 0xc4, 0x10, 0x5e, 0x81, 0x3e, 0xfe, 0x7d, 0x55, 0xaa, 0x75, 0x05],
  ...[0xea, 0x00, 0x7c, 0x00, 0x00],
);

const message = messageProgram('Nothing on this disk starts with a BIOS. Remove it and press a key.');

/** Program of an MBR that starts its active partition; at most 440 bytes. */
export const mbrBootCode: Uint8Array = Uint8Array.of(...program, ...message);

/** Program of the protective MBR of a GPT disk: a message. */
export const protectiveBootCode: Uint8Array = messageProgram(
  'This disk starts with UEFI only. Choose UEFI in the firmware, or remove the disk and press a key.',
);
