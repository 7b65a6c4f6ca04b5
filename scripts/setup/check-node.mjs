// Imported before anything else, and written so that an old Node can parse it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Millrace needs Node 20.19 or later: this is Node ${process.versions.node} (${process.execPath})`,
  );
  process.exit(1);
}
