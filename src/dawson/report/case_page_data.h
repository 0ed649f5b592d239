// What the case page's scripts read: geometry, lesions, words. Private to this room.
#pragma once

#include <string>

#include "dawson/report/case_page_volume.h"
#include "dawson/report/content.h"

namespace dawson::report {

/// As JSON that may stand within a <script> element, whatever the texts hold.
std::string page_data(const CaseReport& report, const PageVolume& volume);

}  // namespace dawson::report
