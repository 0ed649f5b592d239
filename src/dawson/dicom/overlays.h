// Graphics that lie over an image. Private to this room: DCMTK's types.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include "dawson/dicom/audit.h"
#include "dawson/dicom/pixels.h"
#include "dawson/dicom/profile.h"

namespace dawson::dicom {

/// Removes every overlay group with all that describes it, but for those that the profile's option
/// Clean Graphics keeps: with data of their own and without text in them. Returns whether one used
/// bits of the pixels that the image leaves free.
bool remove_overlays(DcmItem& dataset, const Profile& profile, Audit& audit);

/// Sets the bits beyond those that the image uses to 0, or to the sign.
void clear_unused_bits(StoredPixels& pixels);

}  // namespace dawson::dicom
