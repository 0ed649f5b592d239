// Graphics that lie over an image. Private to this room: DCMTK's types.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include "dawson/dicom/audit.h"
#include "dawson/dicom/profile.h"

namespace dawson::dicom {

/// Removes every overlay group with all that describes it, but for those that the profile's option
/// Clean Graphics keeps: with data of their own and without text in them.
void remove_overlays(DcmItem& dataset, const Profile& profile, Audit& audit);

}  // namespace dawson::dicom
