//! What builds do works.

use std::{fs, path::Path};

use crate::rig::{ended, for_each_tier};

for_each_tier! {
    fn a_c_compiler_compiles_and_its_program_runs(rig) {
        if !Path::new("/usr/bin/cc").is_file() {
            println!("skipped: no cc");
            return;
        }
        fs::write(rig.work.path().join("main.c"), "#include <stdio.h>\nint main(void) { return puts(\"compiled\") < 0; }\n").unwrap();
        let sandbox = rig.sandbox("/bin/sh").argument("-c").argument("cc -O1 -o main main.c && ./main");
        let outcome = ended(&sandbox);
        assert!(outcome.success(), "{}", outcome.output.text());
        assert_eq!(outcome.output.text(), "compiled\n");
    }

    fn python_runs_threads_processes_and_an_archive(rig) {
        rig.allows("
import shutil, tarfile, threading, zipfile
os.makedirs('src/package')
open('src/package/__init__.py', 'w').write('x = 1')
shutil.copytree('src', 'copy')
with zipfile.ZipFile('out.zip', 'w') as it: it.write('copy/package/__init__.py')
with tarfile.open('out.tar', 'w') as it: it.add('copy')
with tarfile.open('out.tar') as it: it.extractall('again')
assert subprocess.run([sys.executable, '-c', 'import sys; sys.path.insert(0, \"again/copy\"); import package; print(package.x)'], capture_output=True, text=True).stdout == '1\\n'
", &[]);
    }
}
