// Loaded into each test file's process by tools/build/test.sh. Node 18 (Debian 12) keeps a process alive as long
// as a fetch of its own has an idle connection, even one that was aborted; newer ones do not. When all tests of the file are
// through, it may take two more seconds to end by itself and is then ended, with the status it has earned.
'use strict';
if ((process.env.NODE_TEST_CONTEXT || '').startsWith('child'))
    require('node:test').after(() => setTimeout(() => process.exit(), 2000).unref());
