import { resolveLocalhost } from '../local/loopback';

// The account id goes before the host name in addresses of S3 Control.
resolveLocalhost();
