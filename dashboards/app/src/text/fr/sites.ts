/** Le formulaire d’un nouveau site. */
import type english from '../en/sites.ts';

const text: typeof english = {
  add: 'Ajouter un site',
  id: 'Nom du site',
  idHint: 'example.org',
  idNote: 'Ce que ses pages envoient ; il reste. L’hôte convient bien : lettres, chiffres, points, tirets.',
  domains: 'Hôtes autorisés à envoyer (facultatif)',
  domainsNote: 'Chacun avec ses sous-domaines. Vide : un nom qui est un hôte s’accepte lui-même, tout autre accepte chaque hôte.',
  timezone: 'Fuseau horaire',
  timezoneNote: 'Là où ses jours commencent.',
};

export default text;
