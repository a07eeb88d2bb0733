//! What the helper's parts say to the host: messages, some of which come with a descriptor. The program
//! never holds this.

use std::{
    collections::VecDeque,
    io::{self, IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    process::Stdio,
};

use rustix::{
    cmsg_space,
    net::{
        AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
    },
};
use serde::{Deserialize, Serialize};

use super::message::{self, Message};

/// What is longer is no report.
const LONGEST: usize = 1 << 16;
/// More are never handed over.
const DESCRIPTORS: usize = 4;

/// What a descriptor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Handed {
    /// Where the program asks for names: a UDP socket.
    Names,
    /// Its way out: a listening TCP socket.
    Door,
    /// The system calls that wait for an answer.
    Calls,
}

/// Hands a descriptor to the host.
pub fn hand(to: BorrowedFd<'_>, what: Handed, descriptor: BorrowedFd<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    message::send(&mut bytes, &Message::Handed(what))?;
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    let descriptors = [descriptor];
    let pushed = beside.push(SendAncillaryMessage::ScmRights(&descriptors));
    let sent = sendmsg(
        to,
        &[IoSlice::new(&bytes)],
        &mut beside,
        SendFlags::NOSIGNAL,
    )?;
    match pushed && sent == bytes.len() {
        true => Ok(()),
        false => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// The host's end.
pub struct Channel {
    socket: Option<OwnedFd>,
    bytes: Vec<u8>,
    descriptors: VecDeque<OwnedFd>,
}

impl Channel {
    /// And the helper's end, which becomes its standard output.
    pub fn new() -> io::Result<(Self, Stdio)> {
        let (ours, theirs) = socketpair(
            AddressFamily::UNIX,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )?;
        let channel = Self {
            socket: Some(ours),
            bytes: Vec::new(),
            descriptors: VecDeque::new(),
        };
        Ok((channel, theirs.into()))
    }

    /// As long as somebody holds the other end.
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.socket.as_ref().map(AsFd::as_fd)
    }

    /// One reading, which waits where nothing was said.
    pub fn hear(&mut self) -> io::Result<()> {
        let Some(socket) = &self.socket else {
            return Ok(());
        };
        let mut bytes = [0; 4096];
        let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(DESCRIPTORS))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let mut pieces = [IoSliceMut::new(&mut bytes)];
        let heard = recvmsg(socket, &mut pieces, &mut beside, RecvFlags::CMSG_CLOEXEC)?;
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                self.descriptors.extend(descriptors);
            }
        }
        if heard.bytes == 0 || self.bytes.len() > LONGEST {
            self.socket = None;
        }
        self.bytes.extend(&bytes[..heard.bytes]);
        Ok(())
    }

    /// The next whole message, and the descriptor that came with it.
    pub fn next(&mut self) -> Option<(Message, Option<OwnedFd>)> {
        let mut rest = self.bytes.as_slice();
        let message = message::receive(&mut rest).ok()?;
        let taken = self.bytes.len() - rest.len();
        self.bytes.drain(..taken);
        let descriptor = match message {
            Message::Handed(_) => self.descriptors.pop_front(),
            _ => None,
        };
        Some((message, descriptor))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::message::Report, *};
    use std::io::{Read, Write};

    #[test]
    fn a_descriptor_arrives_with_its_message_and_what_follows_is_heard() {
        let (mut channel, theirs) = pair();
        let (mut reader, writer) = io::pipe().unwrap();
        hand(theirs.as_fd(), Handed::Door, writer.as_fd()).unwrap();
        drop(writer);
        let ended = Message::Report(Report::Ended {
            ending: crate::Ending::Exited(0),
            all_dead: true,
        });
        message::send(&mut io::PipeWriter::from(theirs), &ended).unwrap();
        while channel.descriptor().is_some() {
            channel.hear().unwrap();
        }
        let (first, descriptor) = channel.next().unwrap();
        assert!(matches!(first, Message::Handed(Handed::Door)));
        let mut written = io::PipeWriter::from(descriptor.unwrap());
        written.write_all(b"x").unwrap();
        drop(written);
        let mut read = String::new();
        reader.read_to_string(&mut read).unwrap();
        assert_eq!(read, "x");
        let (second, none) = channel.next().unwrap();
        assert!(matches!(second, Message::Report(_)) && none.is_none());
        assert!(channel.next().is_none());
    }

    fn pair() -> (Channel, OwnedFd) {
        let (ours, theirs) = rustix::net::socketpair(
            AddressFamily::UNIX,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )
        .unwrap();
        let channel = Channel {
            socket: Some(ours),
            bytes: Vec::new(),
            descriptors: VecDeque::new(),
        };
        (channel, theirs)
    }
}
