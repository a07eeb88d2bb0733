//! A line that is typed and not shown.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
};

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

/// What Ctrl-C types.
const INTERRUPT: u8 = 0x03;
const LONGEST: usize = 1024;

/// Asks at the terminal that the process was started from, whatever its streams are.
/// [`io::ErrorKind::Interrupted`] where the user wants no more of it.
pub fn ask(prompt: &str) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let _silent = Silent::new(&terminal)?;
    terminal.write_all(prompt.as_bytes())?;
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    loop {
        match terminal.read(&mut *byte)? {
            0 => return Err(io::ErrorKind::Interrupted.into()),
            _ if byte[0] == b'\n' => return Ok(line),
            _ if byte[0] == INTERRUPT => {
                terminal.write_all(b"\n")?;
                return Err(io::ErrorKind::Interrupted.into());
            }
            _ if line.len() == LONGEST => return Err(io::ErrorKind::FileTooLarge.into()),
            _ => line.push(byte[0]),
        }
    }
}

/// While this lives nothing that is typed is shown. Nor does Ctrl-C end the process, which would leave
/// the terminal like that: it ends the line.
struct Silent {
    terminal: File,
    before: Termios,
}

impl Silent {
    fn new(terminal: &File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO | LocalModes::ISIG;
        silent.local_modes |= LocalModes::ECHONL | LocalModes::ICANON;
        silent.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        let terminal = terminal.try_clone()?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // A terminal that is gone needs no care.
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}
