//! The packets of a document: all of them, each whole, and no byte besides.

use pgp::{
    packet::{Packet, PacketParser, PacketTrait as _},
    types::PacketLength,
};

/// Reads at most so many. The error is a sentence without its subject.
pub(super) fn read(mut bytes: &[u8], most: usize) -> Result<Vec<Packet>, String> {
    let mut packets = Vec::new();
    while !bytes.is_empty() {
        if packets.len() == most {
            return Err(format!("has more than {most} packets"));
        }
        // A parser for each, because one that is cut off in a header says nothing of it.
        let packet = PacketParser::new(&mut bytes).next();
        let number = packets.len() + 1;
        let packet = packet
            .and_then(Result::ok)
            .ok_or_else(|| format!("is truncated or damaged in its packet {number}"))?;
        // The others belong to data of unknown length.
        if !matches!(
            packet.packet_header().packet_length(),
            PacketLength::Fixed(_)
        ) {
            return Err(format!(
                "has a packet without a length, its packet {number}"
            ));
        }
        packets.push(packet);
    }
    Ok(packets)
}
