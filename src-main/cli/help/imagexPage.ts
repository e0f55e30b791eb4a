/** `wimsmith help imagex`. */
export const imagexPage = `wimsmith with ImageX's lines

Usage:
  wimsmith /capture PATH FILE ["NAME" ["DESCRIPTION"]] [/boot] [/check] [/compress maximum|fast|none]
           [/config FILE] [/flags EDITIONID] [/norpfix]
  wimsmith /append  PATH FILE ["NAME" ["DESCRIPTION"]] [/boot] [/check] [/config FILE] [/flags EDITIONID] [/norpfix]
  wimsmith /apply   FILE IMAGE PATH [/check] [/norpfix] [/ref FILES]        also: FILE PATH INDEX
  wimsmith /info    FILE [IMAGE ["NEW NAME" ["NEW DESCRIPTION"]]] [/boot] [/check] [/xml]
  wimsmith /dir     FILE [IMAGE]
  wimsmith /delete  FILE IMAGE [/check]
  wimsmith /export  FILE IMAGE DESTINATION ["NAME"] [/boot] [/check] [/compress ...] [/ref FILES]
  wimsmith /split   FILE FIRST_PART SIZE_MB [/check]

Switches stand anywhere, begin with / or -, in any letter case. /logfile FILE appends what happens to a file.
/verify and /scroll are accepted: data is always compared with its hash. /count has no effect.
/compress is fast unless another is named. /delete leaves the data in the file; /export to a new file drops it.
Options of wimsmith that begin with -- (--json, --dry-run, --quiet ...) may be added to such a line.
Mounting (/mount, /mountrw, /unmount, /commit) is not supported: use "wimsmith extract" and "wimsmith update".

On systems where paths begin with "/", an argument that is exactly the name of a switch is the switch:
write /boot/ for the directory /boot.

Examples:
  wimsmith /config config.ini /capture C: Z:\\my.wim "name" "description"
  wimsmith /capture /mnt/c /srv/my.wim "name" "description" /compress maximum /check
  wimsmith /apply /srv/my.wim 1 /mnt/new
  wimsmith /apply first.swm 1 D: /ref *.swm
`;
