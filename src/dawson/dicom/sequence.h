// Which MR sequence a series shows.
#pragma once

#include <string>

#include "dawson/dicom/header.h"

namespace dawson::dicom {

enum class Sequence { flair, t1w, t1w_contrast, t2w, other };

struct Guess {
  Sequence sequence = Sequence::other;
  std::string why;  ///< "inversion time 2500 ms and echo time 119 ms", "the name says so: …"
};

/// "FLAIR", "T1w", "T1w with contrast agent", "T2w", "other".
std::string name_of(Sequence sequence);

/// From times and image type first, and from names where those are not said. Localisers, mosaics,
/// diffusion and images reckoned from others (reformatted, projected, subtracted) are `other`.
///
/// Times at 1.5 and 3 T (Bernstein, King and Zhou, Handbook of MRI Pulse Sequences, 2004): a FLAIR
/// inverts fluid, 1500–3500 ms, and reads late, from 60 ms on; what inverts earlier and reads early
/// weighs T1.
Guess guess_sequence(const Facts& facts);

}  // namespace dawson::dicom
