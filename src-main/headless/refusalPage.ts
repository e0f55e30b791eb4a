/** What a browser is shown that comes without the token: plain, and of no use to who should not be here. */
export const refusalPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Wimsmith</title></head>
<body>
<h1>This address is not complete</h1>
<p>Each start of the Wimsmith workbench has an address of its own, with a key that lets only you in. The key is missing
here, or it belongs to an earlier start.</p>
<p>Open the whole address that the program printed when it started: the line that begins with
<b>Wimsmith workbench:</b> and has <b>?token=</b> in it.</p>
</body>
</html>
`;
