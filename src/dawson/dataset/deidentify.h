// A survey without what identifies its persons, for a tree that may leave the house.
#pragma once

#include <map>
#include <string>

#include "dawson/dataset/survey.h"
#include "dawson/dicom/audit.h"
#include "dawson/dicom/profile.h"
#include "dawson/dicom/pseudonyms.h"

namespace dawson::dataset {

/// Persons become pseudonyms, visits numbers in their order, names of files numbers; sessions'
/// own names and entities that may name somebody go, and so does what the source said of why an
/// image was taken. Of sidecars the sequence's parameters stay, descriptions and dates as the
/// profile has it. Age and sex stay where the profile keeps the patient's characteristics, ages
/// above 89 as 90. Warnings and errors of reading name no file. Problems are counted, not told.
/// What was done is counted in `audit`.
Survey deidentified(const Survey& survey, const dicom::Profile& profile,
                    const dicom::Pseudonyms& pseudonyms, dicom::Audit& audit);

}  // namespace dawson::dataset
