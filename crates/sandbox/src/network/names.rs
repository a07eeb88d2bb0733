//! A name server that knows no names: it notes what it is asked for and refuses (RFC 1035, 4.1).

use super::witness::shown;

const HEADER: usize = 12;
/// A response, an error of the server's choice: refused.
const RESPONSE: u8 = 0x80;
const REFUSED: u8 = 5;
/// The kind of message and the wish for recursion, which are said back.
const SAID_BACK: u8 = 0x79;
/// The longest name in the form of a message.
const LONGEST: usize = 255;

/// The name that a message asks for, and the answer to it; `None` for what is no question.
pub fn refuse(message: &[u8]) -> Option<(String, Vec<u8>)> {
    let header: [u8; HEADER] = message.get(..HEADER)?.try_into().ok()?;
    let [id, id_too, flags, _, zero, questions, ..] = header;
    if flags & RESPONSE != 0 || (zero, questions) != (0, 1) {
        return None;
    }
    let (name, length) = name(&message[HEADER..])?;
    // After the name come its type and class.
    let question = message.get(HEADER..HEADER + length + 4)?;
    let flags = RESPONSE | flags & SAID_BACK;
    let mut answer = vec![id, id_too, flags, REFUSED, 0, 1, 0, 0, 0, 0, 0, 0];
    answer.extend(question);
    Some((name, answer))
}

/// Labels, each after its length, and how many bytes they take. A question has no other to point at.
fn name(bytes: &[u8]) -> Option<(String, usize)> {
    let mut labels: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        if length > 63 || at + length >= LONGEST {
            return None;
        }
        labels.push(bytes.get(at..at + length)?);
        at += length;
    }
    let name = match labels.as_slice() {
        [] => ".".to_owned(),
        labels => shown(&labels.join(&b'.')),
    };
    Some((name, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a resolver asks for the address of `files.example`.
    fn question() -> Vec<u8> {
        let mut message = vec![7, 8, 1, 0x20, 0, 1, 0, 0, 0, 0, 0, 0];
        message.extend(b"\x05files\x07example\x00\x00\x01\x00\x01");
        message
    }

    #[test]
    fn a_question_is_refused_under_its_name() {
        let (name, answer) = refuse(&question()).unwrap();
        assert_eq!(name, "files.example");
        let mut expected = question();
        expected[2..4].copy_from_slice(&[0x81, 5]);
        assert_eq!(answer, expected);
        // What follows the question is not said back.
        let mut longer = question();
        longer[11] = 1;
        longer.extend([0; 11]);
        assert_eq!(refuse(&longer).unwrap().1, expected);
    }

    #[test]
    fn what_is_no_question_has_no_answer() {
        let whole = question();
        for length in 0..whole.len() {
            assert_eq!(refuse(&whole[..length]), None, "{length} bytes");
        }
        let changed = |at: usize, to: u8| {
            let mut message = whole.clone();
            message[at] = to;
            refuse(&message)
        };
        assert!(changed(2, 0).is_some());
        assert_eq!(changed(2, 0x80), None, "a response");
        assert_eq!(changed(5, 0), None, "no question");
        assert_eq!(changed(5, 2), None, "two questions");
        assert_eq!(changed(12, 0xc0), None, "a pointer");
    }

    #[test]
    fn the_root_has_a_name() {
        let message = [&question()[..HEADER], &[0, 0, 2, 0, 1]].concat();
        assert_eq!(refuse(&message).unwrap().0, ".");
    }

    #[test]
    fn a_name_is_as_long_as_names_are() {
        let asked = |labels: usize| {
            let mut message = question()[..HEADER].to_vec();
            message.extend(b"\x01a".repeat(labels));
            message.extend(b"\x00\x00\x01\x00\x01");
            refuse(&message).is_some()
        };
        assert!(asked(127));
        assert!(!asked(128));
    }
}
