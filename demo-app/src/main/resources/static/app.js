import { setUpDocument } from "./document.js";
import { documentsChanged, refresh, setUpListing } from "./listing.js";
import { setUpScan } from "./scan.js";

setUpListing();
setUpDocument();
refresh();
setUpScan(documentsChanged);
